package io.millrace.storefront.evaluation;

/**
 * How good and how fast the answers of a running system are.
 *
 * @param customers asked
 * @param limit items in a list
 * @param recall mean share of the relevant items found, of those that fit in the list
 * @param ndcg mean normalized discounted cumulative gain
 * @param retrievalRecall mean share found by retrieval alone, of those that fit in the list
 * @param retrievalRecallAt200 mean share of the relevant items among the 200 candidates
 * @param popularRecall of what sold best in the seven days before: the floor
 * @param popularNdcg the same for its order
 * @param degradedShare answers that were made without some part
 * @param shortShare answers with fewer items than asked for
 * @param p50Millis the median time of a request, one after the other
 * @param p99Millis the time that one of a hundred requests exceeds
 */
public record EvaluationReport(
        int customers,
        int limit,
        double recall,
        double ndcg,
        double retrievalRecall,
        double retrievalRecallAt200,
        double popularRecall,
        double popularNdcg,
        double degradedShare,
        double shortShare,
        double p50Millis,
        double p99Millis) {}
