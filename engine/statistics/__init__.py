"""What numbers of one client can and cannot show: pure functions over counts, months and amounts.

Written by hand, because importing scipy takes seven times as long as evaluating a company; the tests hold every one against
scipy or statsmodels. A ValueError says that an argument is impossible; too little data is no error but `Unknown`, with the
reason in words. docs/statistics.md tells each method for its reader.
"""
