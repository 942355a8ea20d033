"""Agreement with decided matters: the measure, and the numbers fitted by it."""
