"""Leaves the conditions of requests alone: no schema says which of them hold, and with an `If-Match` that is made up no
change is made. Where there are headers to make up, others are sent as well, to be refused, and HTTP ignores them.
Nor does any say which texts are cursors: only the page before has one."""

import schemathesis


@schemathesis.hook
def before_load_schema(context, raw_schema):
    for item in raw_schema["paths"].values():
        for operation in item.values():
            parameters = operation.get("parameters", [])
            operation["parameters"] = [one for one in parameters if one["in"] != "header" and one["name"] != "cursor"]
