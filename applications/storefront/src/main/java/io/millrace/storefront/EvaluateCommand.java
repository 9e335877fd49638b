package io.millrace.storefront;

import io.millrace.storefront.evaluation.EvaluationReport;
import io.millrace.storefront.evaluation.PublicEvaluation;
import io.millrace.storefront.evaluation.RetailSplit;
import io.millrace.storefront.gateway.Gateway;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;

/** Measures the running system's lists on Online Retail against what customers bought after the cut. */
record EvaluateCommand(Settings settings, Consumer<String> progress) {

    void run(List<String> words) throws IOException, InterruptedException {
        Arguments arguments = new Arguments(words, List.of("data", "until", "limit"));
        Path file = arguments.file("data");
        Instant cut = arguments.day("until").orElseThrow(() -> new UsageException("--until DAY is needed"));
        RetailSplit split = RetailSplit.read(file, cut);
        if (split.cases().isEmpty()) {
            throw new IOException("no customer in %s bought something new from %s on".formatted(file, cut));
        }
        try (Gateway gateway = new Gateway(settings.gateway(), settings.key())) {
            EvaluationReport report =
                    new PublicEvaluation(gateway, progress).measure(split, (int) arguments.number("limit", 20));
            progress.accept("%d customers: Recall@%d %.4f, NDCG@%d %.4f (recent popularity %.4f and %.4f)"
                    .formatted(
                            report.customers(),
                            report.limit(),
                            report.recall(),
                            report.limit(),
                            report.ndcg(),
                            report.popularRecall(),
                            report.popularNdcg()));
            progress.accept("degraded %.2f %%, short %.2f %%, p50 %.1f ms, p99 %.1f ms"
                    .formatted(
                            100 * report.degradedShare(),
                            100 * report.shortShare(),
                            report.p50Millis(),
                            report.p99Millis()));
            Reports.write(settings.state().resolve("evaluation.json"), report);
        }
    }
}
