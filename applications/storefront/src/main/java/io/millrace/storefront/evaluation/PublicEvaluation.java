package io.millrace.storefront.evaluation;

import io.millrace.storefront.gateway.Gateway;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;

/** Asks a running system for every customer's list, one after the other, and holds it against what they bought. */
public final class PublicEvaluation {

    /** Answers before the measured ones, which no figure counts: they wake the services up. */
    private static final int WARM_UP = 50;

    private static final int PROGRESS = 500;
    private static final int CANDIDATES = 200;

    private final Gateway gateway;
    private final Consumer<String> progress;

    public PublicEvaluation(Gateway gateway, Consumer<String> progress) {
        this.gateway = gateway;
        this.progress = progress;
    }

    /** Measures the first {@code limit} places of every list. */
    public EvaluationReport measure(RetailSplit split, int limit) throws IOException, InterruptedException {
        RankingQuality answers = new RankingQuality(limit);
        RankingQuality popular = new RankingQuality(limit);
        RankingQuality retrieved = new RankingQuality(limit);
        RankingQuality candidates = new RankingQuality(CANDIDATES);
        gateway.define(Variants.RETRIEVAL, Variants.retrieval(gateway.definition("storefront")));
        List<Double> millis = new ArrayList<>();
        int degraded = 0;
        int shortened = 0;
        for (RetailSplit.Case one : split.cases().stream().limit(WARM_UP).toList()) {
            gateway.recommend(one.customer(), one.earlier(), limit);
        }
        for (RetailSplit.Case one : split.cases()) {
            long start = System.nanoTime();
            Gateway.Answer answer = gateway.recommend(one.customer(), one.earlier(), limit);
            millis.add((System.nanoTime() - start) / 1e6);
            answers.add(answer.items(), one.relevant());
            List<String> found = gateway.ask(Variants.RETRIEVAL, one.customer(), one.earlier(), CANDIDATES)
                    .items();
            retrieved.add(found, one.relevant());
            candidates.add(found, one.relevant());
            popular.add(
                    split.recentlyPopular().stream()
                            .filter(item -> !one.earlier().contains(item))
                            .limit(limit)
                            .toList(),
                    one.relevant());
            degraded += answer.degraded().isEmpty() ? 0 : 1;
            shortened += answer.items().size() < limit ? 1 : 0;
            if (millis.size() % PROGRESS == 0) {
                progress.accept("%d of %d customers"
                        .formatted(millis.size(), split.cases().size()));
            }
        }
        Collections.sort(millis);
        return new EvaluationReport(
                answers.customers(),
                limit,
                answers.recall(),
                answers.ndcg(),
                retrieved.recall(),
                candidates.recall(),
                popular.recall(),
                popular.ndcg(),
                share(degraded, answers.customers()),
                share(shortened, answers.customers()),
                Percentiles.of(millis, 0.50),
                Percentiles.of(millis, 0.99));
    }

    private static double share(int part, int whole) {
        return whole == 0 ? 0 : (double) part / whole;
    }
}
