package io.millrace.feature.online;

import com.google.protobuf.Timestamp;
import feast.proto.serving.FieldStatus;
import feast.proto.types.Value;
import java.util.List;

/**
 * One feature of all the requested entities, in the request's order.
 *
 * @param values unset where the status is not PRESENT
 * @param eventTimes the time of the newest event in the row; 1970 where there is no row
 */
public record FeatureColumn(String name, List<Value> values, List<FieldStatus> statuses, List<Timestamp> eventTimes) {}
