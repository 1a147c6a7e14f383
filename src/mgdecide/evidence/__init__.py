"""The statistics behind the evidence: effects from what trials print, pooling, forensic checks, careful words.

    effects, recovered, paired   one study's effect and variance, and what had to be assumed to get it
    rows, pooling, subgroups     several studies' effects together (REML, Paule-Mandel, DerSimonian-Laird)
    points                       a standardised effect told in points of a named scale
    forensic                     can the printed numbers be true together? our own arithmetic, neutral words
    grade_words                  sentences by certainty and size, and the words a certainty does not allow

Nothing here is imported by ``import mgdecide``. Quantiles come from scipy (extra ``evidence``), loaded when first
needed; everything else is plain Python.
"""
