package io.millrace.system;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The command blocks of the README. A line {@code <!-- test: contains TEXT -->} before a block says what its output must
 * have; {@code <!-- test: up -->} marks the block that starts the system; {@code <!-- test: not run, REASON -->} one that
 * a test cannot run.
 */
record ReadmeCommands(List<Block> blocks) {

    /** Some lines of shell and what they are expected to do. */
    record Block(String mark, String script) {

        boolean starts() {
            return mark.equals("up");
        }

        boolean runs() {
            return !mark.startsWith("not run,");
        }

        String expected() {
            return mark.startsWith("contains ") ? mark.substring("contains ".length()) : "";
        }
    }

    private static final Pattern BLOCK =
            Pattern.compile("(?:<!-- test: (.*?) -->\\n)?```sh\\n(.*?)```", Pattern.DOTALL);

    static ReadmeCommands read(Path readme) {
        try {
            Matcher matcher = BLOCK.matcher(Files.readString(readme));
            List<Block> blocks = new ArrayList<>();
            while (matcher.find()) {
                blocks.add(new Block(matcher.group(1) == null ? "" : matcher.group(1), matcher.group(2)));
            }
            return new ReadmeCommands(blocks);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
