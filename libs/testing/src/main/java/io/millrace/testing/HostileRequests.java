package io.millrace.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * Requests that no honest client sends: broken and hostile bodies, headers, methods and paths. A server answers every one
 * of them as the caller's mistake, and none of them shows what it is made of.
 */
public final class HostileRequests {

    private static final String JSON = "Content-Type: application/json\r\n";

    private final List<Hostile> all = new ArrayList<>();

    private HostileRequests() {}

    /** One request, with what is wrong with it. */
    public record Hostile(String what, byte[] request) {

        @Override
        public String toString() {
            return what;
        }

        /**
         * Sends it.
         *
         * @throws AssertionError if the answer is an error of the server, or shows what it is made of
         */
        public void sendTo(int port) throws IOException {
            RawHttp.Answer answer;
            try {
                answer = RawHttp.send(port, request);
            } catch (SocketTimeoutException e) {
                throw new AssertionError(what + ": no answer", e);
            }
            if (answer.status() >= 500 && !isNamed(answer)) {
                throw new AssertionError(what + ": " + answer.head() + "\n" + answer.body());
            }
            for (String sign : List.of("\tat ", "at io.millrace", "at org.", "java.", "io.netty", "io.millrace.")) {
                if (answer.body().contains(sign)) {
                    throw new AssertionError(what + " shows \"" + sign + "\": " + answer.body());
                }
            }
        }
    }

    /** A 503 that says which; and Tomcat's own 501 to a transfer encoding that HTTP does not know (RFC 9112, 6.1). */
    private static boolean isNamed(RawHttp.Answer answer) {
        return answer.status() == 503
                        && (answer.body().contains("/problems/")
                                || answer.body().contains("feast.errors"))
                || answer.status() == 501 && !answer.body().contains("/problems/");
    }

    /**
     * Hostile requests around one that is good.
     *
     * @param headers that the good one needs, each with {@code \r\n}
     * @param good a body that is accepted; parts of it are made wrong
     */
    public static List<Hostile> around(String method, String path, String headers, String good) {
        HostileRequests requests = new HostileRequests();
        BiConsumer<String, byte[]> body = (what, bytes) -> requests.add(
                "body: " + what, method, path, headers + JSON + "Content-Length: " + bytes.length + "\r\n", bytes);
        bodies(good).forEach((what, text) -> body.accept(what, text.getBytes(UTF_8)));
        body.accept("bad UTF-8", splice(good, (byte) 0xC3, (byte) 0x28));
        body.accept("a byte that no UTF-8 has", splice(good, (byte) 0xFF));
        body.accept("UTF-16", good.getBytes(java.nio.charset.StandardCharsets.UTF_16));
        requests.mediaTypes(method, path, headers, good.getBytes(UTF_8));
        requests.headers(method, path, headers, good.getBytes(UTF_8));
        requests.lengths(method, path, headers, good.getBytes(UTF_8));
        for (String wrong :
                List.of("DELETE", "TRACE", "PROPFIND", "FOO", "get", "PATCH", "OPTIONS", "CONNECT", "\u0000")) {
            requests.add("method " + wrong, wrong, path, headers, new byte[0]);
        }
        for (String wrong : List.of(
                "/../../../etc/passwd",
                "/..%2f..%2fetc%2fpasswd",
                "/%2e%2e/%2e%2e/etc/passwd",
                "/%c0%ae%c0%ae/",
                "//",
                "/%00",
                "/%zz",
                "/%",
                "/\\..\\..",
                ";a=b/../..",
                "?a=%zz&dry-run=maybe&x[]=1&=&&",
                "/{x}|<>^`\"",
                "/" + "a".repeat(4000))) {
            requests.add(
                    "path " + wrong.substring(0, Math.min(40, wrong.length())),
                    "GET",
                    path + wrong,
                    headers,
                    new byte[0]);
        }
        requests.add("path without a slash", "GET", "x", headers, new byte[0]);
        requests.add("another server's address", "GET", "http://169.254.169.254/latest", headers, new byte[0]);
        return requests.all;
    }

    private static Map<String, String> bodies(String good) {
        String deep = "[".repeat(100_000);
        return Map.ofEntries(
                Map.entry("none", ""),
                Map.entry("cut", good.substring(0, good.length() / 2)),
                Map.entry("not JSON", "hello"),
                Map.entry("something after it", good + "}"),
                Map.entry("an array", "[]"),
                Map.entry("null", "null"),
                Map.entry("a number", "7"),
                Map.entry("a text", "\"x\""),
                Map.entry("fields twice", "{\"a\":1,\"a\":2}"),
                Map.entry("deep arrays", deep),
                Map.entry("deep objects", "{\"a\":".repeat(100_000)),
                Map.entry("deep arrays in a field", good.replaceFirst(":", ":" + deep.substring(0, 900) + "")),
                Map.entry("a huge exponent", values(good, "1e999999999")),
                Map.entry("a huge negative exponent", values(good, "1e-999999999")),
                Map.entry("a number of many digits", values(good, "9".repeat(5_000))),
                Map.entry("a number just over a long", values(good, "9223372036854775808")),
                Map.entry("fields of objects", values(good, "{}")),
                Map.entry("fields of arrays", values(good, "[[]]")),
                Map.entry("fields of null", values(good, "null")),
                Map.entry("fields of true", values(good, "true")),
                Map.entry("fields of NaN", values(good, "NaN")),
                Map.entry("fields with NUL", values(good, "\"\\u0000\"")),
                Map.entry("fields with half a character", values(good, "\"\\ud800\"")),
                Map.entry("a name with NUL", good.replaceFirst("\"", "\"\\\\u0000")),
                Map.entry("a long name", "{\"" + "n".repeat(60_000) + "\":1}"),
                Map.entry("a class to make", "{\"@class\":\"java.lang.Runtime\",\"@type\":\"x\"}"));
    }

    /** The first level's values, each replaced by another one. */
    private static String values(String good, String value) {
        StringBuilder names = new StringBuilder("{");
        java.util.regex.Matcher name =
                java.util.regex.Pattern.compile("\"([a-z_]+)\"\\s*:").matcher(good);
        while (name.find()) {
            if (names.indexOf("\"" + name.group(1) + "\"") < 0) {
                names.append(names.length() > 1 ? "," : "")
                        .append('"')
                        .append(name.group(1))
                        .append("\":")
                        .append(value);
            }
        }
        return names.append('}').toString();
    }

    private static byte[] splice(String good, byte... bytes) {
        byte[] text = good.getBytes(UTF_8);
        int at = Math.max(1, good.lastIndexOf('"'));
        byte[] spliced = new byte[text.length + bytes.length];
        System.arraycopy(text, 0, spliced, 0, at);
        System.arraycopy(bytes, 0, spliced, at, bytes.length);
        System.arraycopy(text, at, spliced, at + bytes.length, text.length - at);
        return spliced;
    }

    private void mediaTypes(String method, String path, String headers, byte[] good) {
        String length = "Content-Length: " + good.length + "\r\n";
        add("no media type", method, path, headers + length, good);
        for (String type : List.of(
                "text/plain",
                ";;;",
                "application/json;charset=nope",
                "application/json;charset=UTF-7",
                "multipart/form-data",
                "application/x-www-form-urlencoded",
                "application/octet-stream",
                "*/*")) {
            add("media type " + type, method, path, headers + length + "Content-Type: " + type + "\r\n", good);
        }
        for (String accept : List.of("image/png", "nonsense", "application/json;q=2", ";;", "*/*;q=0")) {
            add("accepts " + accept, method, path, headers + length + JSON + "Accept: " + accept + "\r\n", good);
        }
    }

    private void headers(String method, String path, String headers, byte[] good) {
        String length = JSON + "Content-Length: " + good.length + "\r\n";
        for (String header : List.of(
                "Request-Timeout-Ms: -1",
                "Request-Timeout-Ms: soon",
                "Request-Timeout-Ms: 99999999999999999999",
                "Request-Timeout-Ms: 9223372036854775807",
                "Request-Timeout-Ms:",
                "X-Request-Id: <script>alert(1)</script>",
                "X-Request-Id: " + "x".repeat(3000),
                "X-Millrace-Tenant: ../../etc",
                "X-Millrace-Tenant: " + "t".repeat(3000),
                "traceparent: 00-zz-zz-zz",
                "Cookie: a=b; c=\u0001",
                "Authorization: Bearer",
                "Expect: the-impossible",
                "Range: bytes=5-1",
                "If-Modified-Since: yesterday",
                "Accept-Encoding: nonsense;q=x",
                "Accept-Language: ;;;",
                "Origin: null",
                "X-Forwarded-For: \u0000",
                "X-HTTP-Method-Override: DELETE",
                "no colon here",
                ": no name",
                "X-Large: " + "l".repeat(20_000))) {
            String name = header.substring(0, Math.min(40, header.length()));
            add("header " + name, method, path, headers + length + header + "\r\n", good);
        }
    }

    private void lengths(String method, String path, String headers, byte[] good) {
        for (String length : List.of(
                "Content-Length: -1",
                "Content-Length: many",
                "Content-Length: 99999999999999999999",
                "Transfer-Encoding: gzip",
                "Transfer-Encoding: chunked\r\nContent-Length: 3")) {
            add(length.replace("\r\n", ", "), method, path, headers + JSON + length + "\r\n", good);
        }
        add(
                "chunks without a size",
                method,
                path,
                headers + JSON + "Transfer-Encoding: chunked\r\n",
                "zz\r\n{}\r\n".getBytes(UTF_8));
    }

    private void add(String what, String method, String path, String headers, byte[] body) {
        all.add(new Hostile(what, RawHttp.request(method, path, headers, body)));
    }
}
