package io.millrace.local.supervision;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A part whose start can be tried beside the running one, to keep what the JVM learns from it. */
interface Rehearsal {

    /** The part's name. */
    String title();

    /** Where what is learnt is kept. */
    AotCache cache() throws IOException;

    /** The command that makes it, with data of its own in {@code data}, and ends. */
    List<String> making(AotCache cache, Path data);

    /** The environment of that command. */
    Map<String, String> environment(Path data) throws IOException;
}
