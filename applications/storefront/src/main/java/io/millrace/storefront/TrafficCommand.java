package io.millrace.storefront;

import io.millrace.storefront.evaluation.BestSellers;
import io.millrace.storefront.evaluation.LiveTraffic;
import io.millrace.storefront.gateway.Gateway;
import io.millrace.storefront.simulation.ShopTruth;
import io.millrace.storefront.stream.EventTopic;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Consumer;

/** Lets the simulated shop's customers use the running system, for a while. */
record TrafficCommand(Settings settings, Path truthFolder, InstantSource clock, Consumer<String> progress) {

    void run(List<String> words) throws IOException, InterruptedException {
        Arguments arguments = new Arguments(words, List.of("rate", "for"));
        double rate = arguments.number("rate", 10);
        if (rate < 1) {
            throw new UsageException("--rate must be at least 1, in pages a second");
        }
        Duration duration = arguments.duration("for").orElse(Duration.ofSeconds(60));
        ShopTruth truth = EvaluateCommand.truth(truthFolder);
        double[] sales = BestSellers.of(
                EventTopic.events(settings.kafka(), progress),
                clock.instant(),
                truth.size().items());
        try (Gateway gateway = new Gateway(settings.gateway(), settings.key())) {
            LiveTraffic traffic = new LiveTraffic(
                    gateway, truth, sales, clock, clock.instant().getEpochSecond(), progress);
            long start = System.nanoTime();
            LiveTraffic.Totals totals = traffic.run(rate, duration);
            double seconds = (System.nanoTime() - start) / 1e9;
            progress.accept("simulated traffic: " + totals.toLine(seconds));
            Reports.write(settings.state().resolve("traffic.json"), totals);
        }
    }
}
