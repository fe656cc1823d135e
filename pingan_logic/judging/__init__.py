"""From the facts of a county to what its rules derive: classes of units, judged once each."""
