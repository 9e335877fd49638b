package io.millrace.storefront.training;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;

/** What each customer was shown, in the order of time. */
final class Pages {

    private final List<List<ShownPage>> pages = new ArrayList<>();

    Pages(InteractionLog log) {
        for (int customer = 0; customer < log.customers().size(); customer++) {
            pages.add(new ArrayList<>());
        }
        log.pages().forEach(page -> pages.get(page.customer()).add(page));
    }

    /** A customer's pages from one moment until before another. */
    List<ShownPage> between(int customer, long from, long until) {
        List<ShownPage> own = pages.get(customer);
        return own.subList(firstAt(own, from), firstAt(own, until));
    }

    /** All pages of a customer. */
    List<ShownPage> of(int customer) {
        return Collections.unmodifiableList(pages.get(customer));
    }

    /**
     * What became of a page: 1 for each of its places whose item the customer chose before its next page, and in the same
     * visit, else 0.
     */
    float[] labels(ShownPage page, Choices choices) {
        List<ShownPage> own = pages.get(page.customer());
        int next = firstAt(own, page.micros() + 1);
        long until = page.micros() + Moments.VISIT;
        if (next < own.size()) {
            until = Math.min(until, own.get(next).micros());
        }
        BitSet chosen = choices.between(page.customer(), page.micros(), until);
        float[] labels = new float[page.items().length];
        for (int place = 0; place < labels.length; place++) {
            labels[place] = chosen.get(page.items()[place]) ? 1 : 0;
        }
        return labels;
    }

    private static int firstAt(List<ShownPage> own, long moment) {
        int low = 0;
        int high = own.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (own.get(middle).micros() < moment) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
