package io.millrace.storefront.retail;

import java.time.Instant;

/**
 * One line of an invoice.
 *
 * @param number its place in the file, counted from one with the heading
 * @param invoice begins with C when the line cancels an earlier one
 * @param item the stock code
 * @param description trimmed, empty when there is none
 * @param quantity negative for cancellations and stock corrections
 * @param time the shop's own clock, taken as UTC
 * @param price of one piece, in pounds
 * @param customer empty for an anonymous one
 */
public record RetailLine(
        long number,
        String invoice,
        String item,
        String description,
        long quantity,
        Instant time,
        double price,
        String customer) {

    /** Whether it takes back what was bought. */
    public boolean cancels() {
        return invoice.startsWith("C");
    }

    public boolean anonymous() {
        return customer.isEmpty();
    }
}
