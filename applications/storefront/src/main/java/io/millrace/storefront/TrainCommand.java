package io.millrace.storefront;

import io.millrace.storefront.features.TrainingSetClient;
import io.millrace.storefront.publication.ModelRepository;
import io.millrace.storefront.publication.PopularItems;
import io.millrace.storefront.stream.EventTopic;
import io.millrace.storefront.stream.PointTopic;
import io.millrace.storefront.training.InteractionLog;
import io.millrace.storefront.training.TrainedModels;
import io.millrace.storefront.training.Trainer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Trains on all events so far and publishes: the item vectors before the towers that make queries for them, the ranker
 * before the towers whose scores it reads. Who sees the item tower knows that the vectors of all items that it does not need
 * to embed are out.
 */
record TrainCommand(Settings settings, InstantSource clock, Consumer<String> progress) {

    private static final String COLLECTION = "storefront-items";

    void run(List<String> words) throws IOException, InterruptedException {
        Arguments arguments = new Arguments(words, List.of("seed"));
        long start = System.nanoTime();
        InteractionLog log = EventTopic.read(settings.kafka(), progress);
        progress.accept("%,d interactions by %,d customers with %,d items"
                .formatted(log.size(), log.customers().size(), log.items().size()));
        try (TrainingSetClient sets = new TrainingSetClient(settings.features())) {
            publish(new Trainer(log, sets, arguments.number("seed", 1), progress).train());
        }
        progress.accept("trained in %d s".formatted((System.nanoTime() - start) / 1_000_000_000));
    }

    private void publish(TrainedModels models) throws IOException, InterruptedException {
        Instant now = clock.instant();
        ModelRepository repository = new ModelRepository(settings.repository());
        long version = repository.nextVersion(List.of(
                models.userTower().name(),
                models.itemTower().name(),
                models.ranker().name()));
        PointTopic.write(settings.kafka(), models.points(COLLECTION, version), now);
        Files.createDirectories(settings.state());
        PopularItems.write(settings.state().resolve("popular.json"), models.popular());
        Map<String, byte[]> reports = Map.of(
                "report.json", Reports.json(models.report()),
                "report.md", models.report().toMarkdown().getBytes(StandardCharsets.UTF_8));
        repository.publish(models.itemTower(), version, Map.of(), now);
        repository.publish(models.ranker(), version, reports, now);
        repository.publish(models.userTower(), version, Map.of(), now);
        progress.accept("published version %d: %s, %s and %s, %,d item vectors"
                .formatted(
                        version,
                        models.userTower().name(),
                        models.itemTower().name(),
                        models.ranker().name(),
                        models.items().size()));
    }
}
