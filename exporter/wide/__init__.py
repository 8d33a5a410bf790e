"""`--runner spark`: the same project, plan and outcomes, made by the executors of a cluster, each of which writes parts of its own."""
