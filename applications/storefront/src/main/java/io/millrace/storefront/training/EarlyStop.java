package io.millrace.storefront.training;

/** Watches a training by what it reaches on held-out data, and says when it no longer gets better. */
final class EarlyStop {

    private final int patience;
    private double highest = Double.NEGATIVE_INFINITY;
    private int best;
    private int without;

    /** @param patience after so many looks in a row without a better one it is over */
    EarlyStop(int patience) {
        this.patience = patience;
    }

    /**
     * Takes the next look at the held-out data; whether it is the best so far.
     *
     * @param step how far the training is
     * @param quality larger is better
     */
    boolean improves(int step, double quality) {
        if (quality > highest) {
            highest = quality;
            best = step;
            without = 0;
            return true;
        }
        without++;
        return false;
    }

    boolean isOver() {
        return without >= patience;
    }

    /** The step of the best look. */
    int best() {
        return best;
    }
}
