"""Questions about one unit that the evaluating rules answer: remedies, what is missing, margins."""
