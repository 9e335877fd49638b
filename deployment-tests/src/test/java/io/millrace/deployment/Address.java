package io.millrace.deployment;

import java.util.Optional;
import java.util.regex.Pattern;

/** Where something in the network is, as a variable names it. */
record Address(String host, int port, boolean resolvesToAll) {

    private static final Pattern FORM =
            Pattern.compile("(?<scheme>[a-z:]+://)?/?(?<host>[a-z][a-z0-9-]*):(?<port>\\d+)(?:/\\w*)?");

    /** The address in a value; empty where the value is something else. */
    static Optional<Address> in(String value) {
        var matcher = FORM.matcher(value);
        return matcher.matches()
                ? Optional.of(new Address(
                        matcher.group("host"), Integer.parseInt(matcher.group("port")), value.startsWith("dns:///")))
                : Optional.empty();
    }
}
