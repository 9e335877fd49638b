package io.millrace.storefront.simulation;

import io.millrace.wire.Event;
import java.time.Instant;
import java.util.BitSet;
import java.util.List;

/**
 * A customer in the middle of a visit, and what there is to know of its next click. Whoever holds it must not change the
 * arrays, which have a probability for each item: of a click if it is shown at the first place now.
 *
 * @param customer its number
 * @param fresh whether this visit is its first
 * @param time now
 * @param visit the events of the visit so far
 * @param clicked the items already clicked in it, which need not be shown again
 * @param truth the true probabilities
 * @param known the probabilities as far as all events tell them, this visit's too: the bound
 * @param knownBefore the same without this visit's events: the bound for a system that hears of them tomorrow
 */
public record Moment(
        int customer,
        boolean fresh,
        Instant time,
        List<Event> visit,
        BitSet clicked,
        double[] truth,
        double[] known,
        double[] knownBefore) {

    public Moment {
        visit = List.copyOf(visit);
    }

    /** The probability that a customer looks at this place of a page, the first being 0. */
    public static double examined(int position) {
        return ClickLaw.examined(position);
    }
}
