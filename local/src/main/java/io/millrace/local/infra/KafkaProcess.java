package io.millrace.local.infra;

import java.io.IOException;
import java.nio.file.Path;

/**
 * The broker as a process of its own: arguments are its data folder, its port and its controller's port. With the data
 * folder alone it starts on ports that are free, and ends.
 */
public final class KafkaProcess {

    private KafkaProcess() {}

    public static void main(String[] arguments) throws IOException {
        if (arguments.length == 1) {
            KafkaBroker.start(Path.of(arguments[0]), FreePort.any(), FreePort.any(), false)
                    .close();
            return;
        }
        if (arguments.length != 3) {
            throw new IllegalArgumentException("usage: KafkaProcess DATA_FOLDER [PORT CONTROLLER_PORT]");
        }
        KafkaBroker broker = KafkaBroker.start(
                Path.of(arguments[0]), Integer.parseInt(arguments[1]), Integer.parseInt(arguments[2]), false);
        Runtime.getRuntime().addShutdownHook(new Thread(broker::close, "broker-closer"));
    }
}
