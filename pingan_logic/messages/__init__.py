"""What the program says, in Chinese and English side by side: a module for each namespace.

A text stands once. Where another name, or another namespace, says the same, it names that text
(`common.colon`). Problems are worded where they are raised.
"""
