//! Stored data that breaks a rule of the domain, as it may be where data was written past the program.

/// One way in which the second of three tasks, or its request, is broken.
pub struct Corruption {
    /// What is broken.
    pub reason: &'static str,
    /// The statement that brings it about, once no constraint holds it back; `{request}` is replaced by the request.
    pub sql: &'static str,
    /// What is reported about it.
    pub reported: &'static str,
}

impl Corruption {
    /// Takes away all that guards the tables.
    pub const UNGUARD: &'static str = "
        DO $$ DECLARE guard record; BEGIN
            FOR guard IN SELECT conrelid::regclass AS relation, conname FROM pg_constraint
                         WHERE contype = 'c' AND conrelid IN ('annotation_requests'::regclass, 'statistics'::regclass)
            LOOP EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', guard.relation, guard.conname); END LOOP;
        END $$";
}

macro_rules! task {
    ($set:literal) => {
        concat!("UPDATE statistics SET ", $set, " WHERE annotation_request_id = '{request}' AND task_id = 2")
    };
}

macro_rules! request {
    ($set:literal) => {
        concat!("UPDATE annotation_requests SET ", $set, " WHERE id = '{request}'")
    };
}

/// Every way that is known.
pub const CORRUPTIONS: [Corruption; 13] = [
    Corruption {
        reason: "a pool type outside the closed set",
        sql: task!("pool_type = 9"),
        reported: "statistics.pool_type of task 2 of `{request}`: 9 is not a pool type: it must be one of 0 to 5",
    },
    Corruption {
        reason: "a pool without a name",
        sql: task!("pool_name = ''"),
        reported: "statistics.pool_name of task 2 of `{request}`: must not be empty",
    },
    Corruption {
        reason: "fewer frames than none",
        sql: task!("frame_num = -1"),
        reported: "statistics.frame_num of task 2 of `{request}`: -1 is not a count: it must be at least 0",
    },
    Corruption {
        reason: "fewer instances than none",
        sql: task!("instance_num = -1"),
        reported: "statistics.instance_num of task 2 of `{request}`: -1 is not a count: it must be at least 0",
    },
    Corruption {
        reason: "fewer attributes than none",
        sql: task!("attribute_num = -1"),
        reported: "statistics.attribute_num of task 2 of `{request}`: -1 is not a count: it must be at least 0",
    },
    Corruption {
        reason: "sums that disagree",
        sql: task!("attribute_num = 45"),
        reported: "statistics.instance_info of task 2 of `{request}`: \
               instanceInfo adds up to 56, but instanceNum + attributeNum is 12 + 45: they must be equal",
    },
    Corruption {
        reason: "a list in place of an object",
        sql: task!("instance_info = '[]'"),
        reported: "statistics.instance_info of task 2 of `{request}`: \
               invalid type: sequence, expected an object of operation item keys and counts at line 1 column 0",
    },
    Corruption {
        reason: "a count that is no whole number",
        sql: task!("instance_info = '{\"car\": 56.5}'"),
        reported: "statistics.instance_info of task 2 of `{request}`: \
               invalid type: floating point `56.5`, expected i64 at line 1 column 12",
    },
    Corruption {
        reason: "a count below zero",
        sql: task!("instance_info = '{\"bus\": 57, \"car\": -1}'"),
        reported: "statistics.instance_info of task 2 of `{request}`: \
               -1 is not a count: it must be at least 0 at line 1 column 22",
    },
    Corruption {
        reason: "a key without a name",
        sql: task!("instance_info = '{\"\": 56}'"),
        reported: "statistics.instance_info of task 2 of `{request}`: must not be empty at line 1 column 3",
    },
    Corruption {
        reason: "a campaign without a name",
        sql: request!("campaign_id = ''"),
        reported: "annotation_requests.campaign_id of `{request}`: must not be empty",
    },
    Corruption {
        reason: "fewer tasks than none",
        sql: request!("task_count = -1"),
        reported: "annotation_requests.task_count of `{request}`: it is negative",
    },
    Corruption {
        reason: "more tasks counted than there are",
        sql: request!("task_count = 4"),
        reported: "annotation_requests.task_count is not the number of tasks in one of {request}",
    },
];
