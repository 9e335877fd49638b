package io.millrace.feature.offline;

import io.millrace.feature.FeatureException;

/** How much of the events may be kept for one training set. */
final class ReplayBudget {

    private final long limit;
    private long spent;

    ReplayBudget(long limit) {
        this.limit = limit;
    }

    /**
     * Takes this many bytes of it.
     *
     * @throws FeatureException.InvalidRequest if it has not so many any more
     */
    void spend(int bytes) {
        spent += bytes;
        if (spent > limit) {
            throw new FeatureException.InvalidRequest(
                    "/entities",
                    "what the events say of these entities takes more than " + limit + " bytes; ask for fewer entities"
                            + " at a time, or raise millrace.feature.offline.max-memory");
        }
    }
}
