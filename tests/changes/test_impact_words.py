"""The sentence above an impact, for whatever becomes of one client and of several."""

from __future__ import annotations

import pytest

from engine.impact.study import ClientImpact, Effect, Impact
from engine.render.impact_words import summary

V, M, L, G, S, A, N = Effect.VERDICT, Effect.MOVE, Effect.LOST, Effect.GAINED, Effect.SCORE, Effect.SAME, Effect.NONE


@pytest.mark.parametrize(
    "effects, told",
    [
        ([V], "The client gets another recommendation."),
        ([L], "The client gets no answer any more."),
        ([G], "The client gets an answer for the first time."),
        ([S], "The client gets another score, and the same recommendation."),
        ([A], "Recommendation and score stay as they are for the client."),
        ([N], "The client cannot be evaluated."),
        ([V, M], "Both clients get another recommendation."),
        ([A, A], "Recommendation and score stay as they are for both clients."),
        ([N, N], "Neither of the 2 clients can be evaluated."),
        ([A, N], "None of 2 clients gets another recommendation; 1 is as before; 1 cannot be evaluated."),
        ([V, N], "1 of 2 clients gets another recommendation; 1 cannot be evaluated."),
        ([S] * 3, "All 3 clients get another score, and the same recommendation."),
        ([N] * 3, "None of the 3 clients can be evaluated."),
        (
            [S, A, A, N, N],
            "None of 5 clients gets another recommendation; 1 gets another score only; 2 are as before; 2 cannot be evaluated.",
        ),
        ([V, M, A], "2 of 3 clients get another recommendation; 1 is as before."),
        (
            [L, G, S, A],
            "None of 4 clients gets another recommendation; 1 gets no answer any more; "
            "1 gets an answer for the first time; 1 gets another score only; 1 is as before.",
        ),
    ],
)
def test_what_becomes_of_clients(effects: list[Effect], told: str) -> None:
    clients = tuple(ClientImpact(f"c{n}", f"c{n}.yaml", effect) for n, effect in enumerate(effects))
    assert summary(Impact("a", "b", "reference", (), (), clients)) == told
