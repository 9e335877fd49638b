package io.millrace.storefront;

import io.millrace.storefront.evaluation.EvaluationReport;
import io.millrace.storefront.evaluation.PublicEvaluation;
import io.millrace.storefront.evaluation.RetailSplit;
import io.millrace.storefront.evaluation.ShopEvaluation;
import io.millrace.storefront.evaluation.ShopReport;
import io.millrace.storefront.gateway.Gateway;
import io.millrace.storefront.simulation.ShopTruth;
import io.millrace.storefront.stream.EventTopic;
import io.millrace.wire.Event;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.function.Consumer;

/**
 * Measures the running system's lists: in the simulated shop against its truth, or on Online Retail against what customers
 * bought after the cut.
 */
record EvaluateCommand(Settings settings, Path truthFolder, InstantSource clock, Consumer<String> progress) {

    void run(List<String> words) throws IOException, InterruptedException {
        Arguments arguments = new Arguments(words, List.of("data", "until", "limit"));
        if (arguments.text("data").isPresent()) {
            retail(arguments);
        } else {
            simulated();
        }
    }

    /** The simulator's truth, as it left it. */
    static ShopTruth truth(Path folder) throws IOException {
        try {
            return ShopTruth.read(folder);
        } catch (NoSuchFileException e) {
            throw new IOException(
                    "there is no simulated shop in " + folder + "; for Online Retail give --data FILE --until DAY", e);
        }
    }

    private void simulated() throws IOException, InterruptedException {
        ShopTruth truth = truth(truthFolder);
        List<Event> history = EventTopic.events(settings.kafka(), progress);
        try (Gateway gateway = new Gateway(settings.gateway(), settings.key())) {
            ShopReport report = new ShopEvaluation(gateway, progress)
                    .measure(truth, history, clock.instant().truncatedTo(ChronoUnit.MILLIS));
            progress.accept(report.toMarkdown());
            Reports.write(settings.state().resolve("evaluation.json"), report);
            Files.write(
                    settings.state().resolve("evaluation.md"),
                    report.toMarkdown().getBytes(StandardCharsets.UTF_8));
        }
    }

    private void retail(Arguments arguments) throws IOException, InterruptedException {
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
            progress.accept("retrieval alone: Recall@%d %.4f, Recall@200 %.4f"
                    .formatted(report.limit(), report.retrievalRecall(), report.retrievalRecallAt200()));
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
