"""What a committee asks of decision support: how often it speaks, how often it is overruled, what a change changes.

Each answer is one table, told as text, CSV, JSON or a picture, from files that were written anyway: a cohort's
verdicts, assessments, the service's cards and feedback. Nothing of a patient is in any of them.
"""
