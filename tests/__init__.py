"""Tests mirror the packages; `contract` compares with witnesses from outside, `e2e` runs the whole."""
