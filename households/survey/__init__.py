"""What look-back and monitoring share: the states of a survey, the columns it is counted by, the questions."""
