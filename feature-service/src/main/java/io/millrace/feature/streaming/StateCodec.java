package io.millrace.feature.streaming;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import io.millrace.feature.aggregation.Contribution;
import io.millrace.feature.aggregation.ViewState;
import io.millrace.feature.registry.FeatureView;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * The stream's own bytes, on its internal topics and in its stores: the view's place among the definitions, then the
 * contribution or state. They live as long as one {@code Definitions#streamHash}.
 */
final class StateCodec {

    private final List<FeatureView> views;

    StateCodec(List<FeatureView> views) {
        this.views = views;
    }

    /** A view and what is known of one entity in it. */
    record Known(FeatureView view, ViewState state) {}

    byte[] update(int view, Contribution contribution) {
        return bytes(out -> {
            out.writeUInt32NoTag(view);
            contribution.write(out);
        });
    }

    /** The place of an update's event in the order of arrival. */
    long sequence(byte[] update) {
        try {
            CodedInputStream in = CodedInputStream.newInstance(update);
            return views.get(in.readUInt32()).aggregation().contribution(in).sequence();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The state after an update. */
    byte[] add(byte[] update, byte[] state) {
        try {
            CodedInputStream in = CodedInputStream.newInstance(update);
            int view = in.readUInt32();
            Contribution contribution = views.get(view).aggregation().contribution(in);
            ViewState known = state.length == 0
                    ? views.get(view).aggregation().empty()
                    : state(state).state();
            known.add(contribution);
            return bytes(out -> {
                out.writeUInt32NoTag(view);
                known.write(out);
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Known state(byte[] state) {
        try {
            CodedInputStream in = CodedInputStream.newInstance(state);
            FeatureView view = views.get(in.readUInt32());
            return new Known(view, view.aggregation().state(in));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private interface Body {
        void write(CodedOutputStream out) throws IOException;
    }

    private static byte[] bytes(Body body) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
        CodedOutputStream out = CodedOutputStream.newInstance(bytes, 512);
        try {
            body.write(out);
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
