package io.millrace.app.definition;

import java.util.regex.Pattern;

/** The shapes of names, paths and times in a definition. */
final class Syntax {

    static final Pattern NAME = Pattern.compile("[A-Za-z_]\\w{0,63}");
    static final Pattern APPLICATION = Pattern.compile("[a-z][a-z0-9-]{0,63}");
    static final Pattern DURATION = Pattern.compile("(\\d{1,9})(us|ms|s)");
    static final Pattern REQUEST = Pattern.compile("\\$\\.(?:(entities|context)\\.([A-Za-z_]\\w*)|(limit|exclude))");
    static final Pattern STEP = Pattern.compile("\\$([A-Za-z_]\\w*)(?:(\\[\\*\\])?\\.([A-Za-z_]\\w*))?");

    private Syntax() {}
}
