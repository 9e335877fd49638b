package io.millrace.storefront.training;

import java.util.ArrayList;
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
