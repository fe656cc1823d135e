"""Questions that the evaluating rules answer: remedies, records needed, margins, what-if."""
