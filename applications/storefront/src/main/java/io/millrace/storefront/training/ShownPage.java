package io.millrace.storefront.training;

/**
 * A page that a customer saw. Whoever holds it must not change the arrays.
 *
 * @param customer its number
 * @param micros when it was shown, in microseconds since 1970
 * @param items what was on it, the first place first
 * @param propensities how probable it was that each item was chosen for its place; empty where the shop did not log that
 */
record ShownPage(int customer, long micros, int[] items, float[] propensities) {}
