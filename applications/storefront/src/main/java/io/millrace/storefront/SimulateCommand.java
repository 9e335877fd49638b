package io.millrace.storefront;

import io.millrace.storefront.gateway.EventUpload;
import io.millrace.storefront.gateway.Gateway;
import io.millrace.storefront.simulation.ShopSimulator;
import io.millrace.storefront.simulation.ShopSize;
import io.millrace.wire.Event;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.function.Consumer;

/** Sends a simulated shop's events through the public API; its truth stays in a folder of its own. */
record SimulateCommand(Settings settings, Path truth, InstantSource clock, Consumer<String> progress) {

    void run(List<String> words) throws IOException, InterruptedException {
        Arguments arguments = new Arguments(words, List.of("size", "seed"));
        ShopSize size = switch (arguments.text("size").orElse("small")) {
            case "small" -> ShopSize.SMALL;
            case "full" -> ShopSize.FULL;
            default -> throw new UsageException("--size must be small or full");
        };
        Instant end = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        ShopSimulator.SimulatedShop shop = ShopSimulator.simulate(size, arguments.number("seed", 1), end);
        shop.truth().write(truth);
        try (Gateway gateway = new Gateway(settings.gateway(), settings.key());
                EventUpload upload = new EventUpload(gateway, progress)) {
            for (Event event : shop.events()) {
                upload.add(event);
            }
            upload.finish();
            progress.accept(
                    "simulated shop: %,d customers, %,d items, %,d events accepted, %,d sent before, %,d rejected"
                            .formatted(
                                    size.customers(),
                                    size.items(),
                                    upload.accepted(),
                                    upload.duplicates(),
                                    upload.rejected()));
        }
    }
}
