package io.millrace.local;

import io.millrace.local.supervision.Service;
import io.millrace.local.supervision.StateFolder;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** {@code ./millrace logs PART [-f]}. */
final class LogsCommand {

    private LogsCommand() {}

    static int run(StateFolder state, Command.Logs logs) throws IOException, InterruptedException {
        Path log = state.log(Service.named(logs.part()).map(Service::title).orElse(logs.part()));
        if (!Files.isRegularFile(log)) {
            System.err.println(
                    "There is no log of `" + logs.part() + "`. There are: " + String.join(", ", names(state.logs())));
            return 1;
        }
        try (InputStream in = Files.newInputStream(log)) {
            in.transferTo(System.out);
            while (logs.follow()) {
                System.out.flush();
                TimeUnit.MILLISECONDS.sleep(200);
                in.transferTo(System.out);
            }
        }
        return 0;
    }

    private static List<String> names(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (var files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".log") && !name.endsWith(".previous.log"))
                    .map(name -> name.substring(0, name.length() - ".log".length()))
                    .sorted()
                    .toList();
        }
    }
}
