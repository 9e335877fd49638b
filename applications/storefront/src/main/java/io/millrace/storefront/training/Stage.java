package io.millrace.storefront.training;

import java.util.Map;

/**
 * Towers that know what happened before a moment, held against what customers did from that moment on: the source of the
 * ranker's examples and of offline quality.
 */
interface Stage {

    /** What a ranker can learn from, with the scores of these towers. */
    RankingExamples examples();

    /**
     * How good these towers and each of the rankers are.
     *
     * @param rankers by the names of their methods
     */
    OfflineQuality quality(Map<String, Ranker> rankers);
}
