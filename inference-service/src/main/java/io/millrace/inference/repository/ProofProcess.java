package io.millrace.inference.repository;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.inference.model.ModelRuntime;
import io.millrace.inference.model.RefusedModelException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.file.Path;

/**
 * What the child of {@link ChildProof} does: for each line, the folder of a version, it loads the version, lets it go, and
 * says in a line how that went. It ends with its input.
 */
public final class ProofProcess {

    /** Stands before answers: engines print as well. */
    static final String ANSWER = "millrace-proof ";

    /** The first answer, to nothing: from here on, time is the version's. */
    static final String STARTED = "started";

    static final String GOOD = "good";

    private final ModelRuntime runtime;

    public ProofProcess(ModelRuntime runtime) {
        this.runtime = runtime;
    }

    public void run(InputStream in, PrintStream out) throws IOException {
        answer(out, STARTED);
        var folders = new BufferedReader(new InputStreamReader(in, UTF_8));
        for (String folder = folders.readLine(); folder != null; folder = folders.readLine()) {
            answer(out, verdict(new VersionFolder(Path.of(folder))));
        }
    }

    private static void answer(PrintStream out, String answer) {
        out.println(ANSWER + answer.replaceAll("\\R", " "));
        out.flush();
    }

    private String verdict(VersionFolder folder) {
        try {
            ModelLoader.ready(runtime, folder, folder.definition()).close();
            return GOOD;
        } catch (RefusedModelException refused) {
            return refused.reason();
        } catch (RuntimeException | OutOfMemoryError | StackOverflowError e) {
            // Whatever a damaged file causes is a reason to refuse it.
            return e.toString();
        }
    }
}
