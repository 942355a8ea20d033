"""Agreement with decided matters, and the numbers fitted to them.

In: decided matters and a plan (`evaluation.yaml`).
Out: measures beside baselines; `weighing.yaml` fitted within the law's bounds.
Must not know: a matter's outcome when it weighs that matter.
"""
