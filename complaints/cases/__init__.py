"""Work on a case: every act is one event, one entry of the trail, and the case as it then stands."""
