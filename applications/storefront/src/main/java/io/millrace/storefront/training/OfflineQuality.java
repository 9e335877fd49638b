package io.millrace.storefront.training;

/**
 * How good the answers were for a period that neither towers nor ranker had seen.
 *
 * @param customers how many were counted: those with at least five earlier items who bought a new one
 * @param recallAt20 of the whole pipeline
 * @param ndcgAt20 of the whole pipeline
 * @param towerRecallAt20 of the towers without the ranker
 * @param towerRecallAt200 of the candidates
 * @param popularRecallAt20 of what sold best in the seven days before, the floor
 * @param popularNdcgAt20 of the same
 */
public record OfflineQuality(
        int customers,
        double recallAt20,
        double ndcgAt20,
        double towerRecallAt20,
        double towerRecallAt200,
        double popularRecallAt20,
        double popularNdcgAt20) {}
