"""Learnhall, a place for online courses: modules, schedules, quizzes, specialisations and a wish list."""
