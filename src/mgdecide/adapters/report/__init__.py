"""What people read: the clinician's report, the patient's page, explanations, doses."""
