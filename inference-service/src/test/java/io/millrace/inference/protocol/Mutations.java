package io.millrace.inference.protocol;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** Damages messages in the ways of broken and of hostile clients; the same seed gives the same damage. */
final class Mutations {

    private static final Pattern TOKEN = Pattern.compile("-?\\d[\\d.eE+-]*|\"[^\"]*\"|true|false|null|[\\[\\]{}:,]");
    private static final List<String> TOKENS = List.of(
            "-1",
            "0",
            "1e999",
            "-1e-999",
            "1E+1000000000",
            "255.5",
            "2147483648",
            "4294967296",
            "9223372036854775807",
            "18446744073709551616",
            "99999999999999999999999999999999999999999999999999",
            "NaN",
            "\"\"",
            "\"x\"",
            "\"FP64\"",
            "\"FP16\"",
            "\"BYTES\"",
            "\"UINT64\"",
            "\"BOOL\"",
            "\"data\"",
            "\"shape\"",
            "\"binary_data_size\"",
            "\"\\ud800\"",
            "null",
            "true",
            "{}",
            "[]",
            "[[[[[[[[]]]]]]]]",
            "{\"a\":[1]}",
            ",",
            ":",
            "");

    private final Random random;

    Mutations(long seed) {
        this.random = new Random(seed);
    }

    /** One to four damages. */
    byte[] of(byte[] message) {
        byte[] damaged = message;
        for (int i = random.nextInt(4); i >= 0; i--) {
            damaged = once(damaged);
        }
        return damaged;
    }

    int number(int bound) {
        return random.nextInt(bound);
    }

    private byte[] once(byte[] message) {
        int from = random.nextInt(message.length + 1);
        int to = from + random.nextInt(Math.min(message.length - from, 64) + 1);
        return switch (random.nextInt(8)) {
            case 0 -> splice(message, from, message.length, new byte[0]);
            case 1 -> splice(message, from, to, new byte[0]);
            case 2 -> splice(message, from, to, noise(random.nextInt(16)));
            case 3 -> splice(message, from, from, slice(message, from, to));
            case 4 -> flipped(message);
            default -> otherToken(message);
        };
    }

    private byte[] flipped(byte[] message) {
        byte[] changed = message.clone();
        if (changed.length > 0) {
            changed[random.nextInt(changed.length)] ^= (byte) (1 << random.nextInt(8));
        }
        return changed;
    }

    private byte[] otherToken(byte[] message) {
        List<MatchResult> tokens =
                TOKEN.matcher(new String(message, ISO_8859_1)).results().toList();
        if (tokens.isEmpty()) {
            return flipped(message);
        }
        MatchResult token = tokens.get(random.nextInt(tokens.size()));
        return splice(
                message,
                token.start(),
                token.end(),
                TOKENS.get(random.nextInt(TOKENS.size())).getBytes(ISO_8859_1));
    }

    private byte[] noise(int length) {
        byte[] noise = new byte[length];
        random.nextBytes(noise);
        return noise;
    }

    private static byte[] slice(byte[] message, int from, int to) {
        return Arrays.copyOfRange(message, from, to);
    }

    private static byte[] splice(byte[] message, int from, int to, byte[] instead) {
        var spliced = new ByteArrayOutputStream();
        spliced.write(message, 0, from);
        spliced.writeBytes(instead);
        spliced.write(message, to, message.length - to);
        return spliced.toByteArray();
    }
}
