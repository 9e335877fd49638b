package io.millrace.storefront.training;

/**
 * One moment of one customer: what the tower sees and what it should have found.
 *
 * @param input what was known
 * @param targets item numbers, each once, among the alternatives
 * @param alternatives the items that could have been chosen, because they were shown; empty where any item could
 * @param weight how much the sample counts
 */
record TowerSample(TowerInput input, int[] targets, int[] alternatives, float weight) {}
