package io.millrace.storefront.retail;

import java.util.LinkedHashMap;
import java.util.Map;

/** How many lines of each sort a file has. */
public final class LoadReport {

    long lines;
    long malformed;
    long afterUntil;
    long purchases;
    long anonymousPurchases;
    long returns;
    long corrections;
    long withoutCustomer;
    long withoutDescription;
    long itemEvents;

    /** The counts by name, in the order in which they are told. */
    public Map<String, Long> counts() {
        Map<String, Long> counts = new LinkedHashMap<>();
        counts.put("lines", lines);
        counts.put("malformed", malformed);
        counts.put("after_until", afterUntil);
        counts.put("purchases", purchases);
        counts.put("anonymous_purchases", anonymousPurchases);
        counts.put("returns", returns);
        counts.put("stock_corrections", corrections);
        counts.put("without_customer", withoutCustomer);
        counts.put("without_description", withoutDescription);
        counts.put("item_events", itemEvents);
        return counts;
    }
}
