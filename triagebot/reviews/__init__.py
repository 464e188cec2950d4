"""What maintainers say to the bot, pure: the grammar of commands, who may say them, and what each does to an issue.

In: texts of comments, roles, issues with their markers. Out: commands and mistakes, and the marker after them. It
reads no tracker, asks nobody for a role and writes nothing; the same words do the same from a comment and from the
command line.
"""
