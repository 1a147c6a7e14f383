"""How a question is asked: typed facts, three-valued questions over them, and the engines that answer.

No fact of medicine lives here. ``questions`` holds the expressions (a closed set of operators), ``plain``
answers for one patient, ``frame`` for a data frame, ``words`` says a condition in English, and ``needs``
lists the facts a question reads.
"""
