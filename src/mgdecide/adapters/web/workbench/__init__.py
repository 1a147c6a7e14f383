"""The workbench: a page on which a clinician or an integrator types or pastes one patient and sees the assessment.

Made on the server, so that it works without JavaScript; with it, the assessment follows what is typed. Nothing is
kept, nothing is asked of any other host, and nothing of the patient is ever in an address.
"""
