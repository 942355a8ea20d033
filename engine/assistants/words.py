"""What an assistant is told: how to use the tools, and a way to go for each of three kinds of user."""

from __future__ import annotations

INSTRUCTIONS = """\
These tools decide, by published rules and decided cases, the question of their body of law: {question} You do not
decide it: you collect facts, call the tools, and show what they answer.

1. Call describe_facts for the facts there are. Use their names and values only.
2. Take a fact from the text only where the text says it. Quote the words that say it in `source`, between double
   quotation marks, with where they stand: {{"value": ..., "source": "Letter, para 3: \\"...\\"", "standing":
   "stated"}}. standing is documented, stated, disputed or assumed.
3. Leave out what the text does not say: what is left out is unknown, and unknown is never "no". Do not infer, round or
   fill in. A number that is only bounded is {{"at_least": 2}}; a set that may have more is {{"includes": [...]}}.
4. Call check_facts with the facts and the text, and mend every problem and every quotation that is not in the text.
5. Call assess, then missing. Ask the user for what is missing; do not answer for them.
6. Show the conclusion with its strength, the facts it rests on, what could still change it, and the limits, in full.
   Never give the conclusion alone, and never a firmer one. What the tools call undetermined is undetermined.
"""

LIMITS = (
    "Show these limits with every answer. {disclaimer} The facts are as an assistant read them: a person must check "
    "each against its source. What is not known is not assumed either way. Authorities marked unverified were not read."
)

PROMPTS: dict[str, tuple[str, str, str]] = {
    "officer": (
        "From a file to a draft ruling",
        "Facts from an application, checked against it, assessed, and drafted as a ruling for an officer to settle.",
        """\
I am an officer with this application. Prepare a draft ruling with the caprev tools; I settle it.

1. Code the facts (describe_facts), each with the words of the application that say it. Leave the rest out.
2. check_facts against the application until no quotation is astray. List for me what you left open, and each question
   that the tool thinks the text answers, with the passage; I decide.
3. assess; show the conclusion, its strength, the three strongest reasons each way with their authorities, and whether
   another answer to an unsettled point turns it.
4. missing: tell me which answers to ask the applicant for, the most telling first, with the paper that would prove
   each.
5. draft with template ruling. Show its checks. Show the limits.

The application:

""",
    ),
    "advisor": (
        "The risk, the other side, and what would change it",
        "A client's story as facts, the best argument against it, what would change it, and what to ask for.",
        """\
I advise the owner. Work with the caprev tools and tell me the risk, not what I want to hear.

1. Code the facts from what follows (describe_facts, check_facts), each with its words; what the client only says is
   stated, what a paper shows is documented, what is contested is disputed.
2. assess; then say the conclusion with its strength and share, and which facts it rests on that are only stated.
3. Make the best case for the other side from the factors against and compare_with_case with its nearest case.
4. what_would_change with up to two changes: separate what is past and cannot be changed from what is still open.
5. missing: what to get from the client, and the paper for each. draft with template advice. Show the limits.

The story:

""",
    ),
    "trainer": (
        "A debate and hypotheticals for a class",
        "A matter argued both ways from the rules and the cases, with hypotheticals that turn it.",
        """\
I teach this area. From the matter below make a class exercise with the caprev tools.

1. Code the facts (describe_facts, check_facts). Do not tell the students the conclusion yet.
2. search_cases with the facts: the two most on-point cases for each side; compare_with_case for each.
3. draft with template debate: give both sides their moves; every point keeps its authority and its pinpoint.
4. what_would_change: three hypotheticals, each one change that turns or nearly turns the matter; ask before you tell.
5. Last, the conclusion with explain_rule for each rule it rests on, its strength, and the limits.

The matter:

""",
    ),
}
"""By name: title, description, and what is asked for; the user's own text follows."""
