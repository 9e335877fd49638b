package io.millrace.storefront.training;

/**
 * One moment of one customer: what the tower sees and what it should have found.
 *
 * @param history item numbers, newest first
 * @param targets item numbers, each once; none are in the history of purchases
 * @param weight how much the sample counts
 */
record TowerSample(int[] history, int[] targets, float weight) {}
