"""What a sample by recruitment is like: seeds and waves, who recruits whom, whether estimates have settled.

``diagnose`` looks at the forest and at the answers to some questions; what it finds is a value that becomes tables,
JSON and charts. In a protected run nothing that is made of answers leaves it.
"""

from surveytool.recruitment_report.diagnosis import Diagnosis, diagnose

__all__ = ["Diagnosis", "diagnose"]
