"""A factor that the rulebook does not have, on a fact that no rule reads."""

LOAN = """\
id: loan-repaid-from-sales
favours: revenue
strength: slight
text: The loan was to be repaid from the sales.
authority:
  - {cite: tr-92-3, pinpoint: para 13(c), says: the money involved is relevant}
when: {finance.repaid_from_sales: true}
feeds: [tr-92-3/money-and-profit]
cluster: finance
limits: It says nothing of a loan that was already there.
status: draft
examples:
  - {name: from the sales, facts: {finance.repaid_from_sales: true}, expect: met}
  - {name: from wages, facts: {finance.repaid_from_sales: false}, expect: not_met}
  - {name: silent, facts: {}, expect: unknown, asks: [finance.repaid_from_sales]}
"""
